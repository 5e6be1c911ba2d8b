"""Use cases: plain values in, plain values out; no Textual, SQL or HTTP."""
