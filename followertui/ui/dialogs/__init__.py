"""One module per question; a dialog answers it and closes."""
