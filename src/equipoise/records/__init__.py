"""The waist: the few tables that both worlds produce and that the analysis reads."""

from equipoise.records.check import check_records
from equipoise.records.files import read_records, write_records
from equipoise.records.origin import Origin
from equipoise.records.tables import Records

__all__ = ["Origin", "Records", "check_records", "read_records", "write_records"]
