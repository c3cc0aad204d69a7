"""What real engines do, recorded as data: generated cases and a table of rules, the site that serves them, the model's side."""
