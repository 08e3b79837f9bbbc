"""The AWS Well-Architected Tool: a custom lens it can import, and answers for its own Serverless Lens."""
