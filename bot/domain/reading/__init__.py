"""From a person's words to facts: intent, products, autonomy, export, destinations, dates."""
