"""The account source: what a live AWS account holds, collected read-only.

This module stays empty so that importing a part of the package never imports boto3; `source.collect` is the entry.
"""
