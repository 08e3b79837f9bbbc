"""How content is delivered at the edge: TLS, certificates, headers, logs, names, Amplify."""
