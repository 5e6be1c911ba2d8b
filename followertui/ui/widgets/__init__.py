"""What the screens are made of; each widget is named by what it shows."""
