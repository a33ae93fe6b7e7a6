"""From records to results, displays and the report: what was estimated, and how it is shown."""
