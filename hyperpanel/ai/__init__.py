"""What models are asked about tickets: translate, tell the intent, analyse, find themes. Always for a person to read; nothing is done by it."""
