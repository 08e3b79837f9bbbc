CREATE TABLE IF NOT EXISTS orders (
    order_id     uuid PRIMARY KEY,
    customer_id  text NOT NULL CHECK (customer_id ~ '^[a-z0-9-]{1,64}$'),
    show_id      text NOT NULL CHECK (show_id ~ '^[a-z0-9-]{1,64}$'),
    seat         text NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents > 0),
    ordered_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (show_id, seat)
);

CREATE INDEX IF NOT EXISTS orders_of_customer ON orders (customer_id, ordered_at DESC);
CREATE INDEX IF NOT EXISTS orders_of_day ON orders (ordered_at);

DO $$
BEGIN
    -- Its password comes with the rotation of its secret.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders_reader') THEN
        CREATE ROLE orders_reader LOGIN;
    END IF;
END
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM orders_reader;
GRANT USAGE ON SCHEMA public TO orders_reader;
GRANT SELECT ON orders TO orders_reader;
ALTER ROLE orders_reader SET default_transaction_read_only = on;
