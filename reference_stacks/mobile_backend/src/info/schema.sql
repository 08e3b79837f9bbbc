CREATE TABLE IF NOT EXISTS articles (
    topic      text PRIMARY KEY CHECK (topic ~ '^[a-z0-9-]{1,64}$'),
    title      text NOT NULL,
    body       text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO articles (topic, title, body)
VALUES ('getting-here', 'How to get here', 'Take line 2 to the opera stop; the entrance is on the square.'),
       ('opening-hours', 'Opening hours', 'The box office opens at noon and closes when the show begins.')
ON CONFLICT (topic) DO NOTHING;
