"""The form engine: XLSForm in, checked answers out. Knows neither the web nor the database."""
