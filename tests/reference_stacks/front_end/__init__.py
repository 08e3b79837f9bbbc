"""Front ends in a real browser: a headless Chromium, and the edge of the Internet that it sees."""
