"""The pages: one function each, from what was asked to an answer in no format yet."""
