"""Apps and models that go elsewhere and come back, and copies that are merged."""
