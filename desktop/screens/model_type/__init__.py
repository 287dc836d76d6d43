"""Model type: what each kind of model is good for, needs and takes here."""
