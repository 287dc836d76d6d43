"""What the analyst can do: one file per verb, one public function `(app, request, job) -> result`.

What learns is imported inside the functions that need it, so that a window which only starts an
operation never loads torch.
"""
