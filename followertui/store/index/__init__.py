"""What is derived from the tables: arrays, orders, the query evaluator, caches."""
