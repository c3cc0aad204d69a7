"""TODO."""

from .cors import CORS
from .decorator import cross_origin

__all__ = ["CORS", "cross_origin"]
