"""Prices and savings: `book` looks list prices up, `savings` turns them into monthly figures with their arithmetic.

Nothing is imported here, so a scan that prices nothing reads no table.
"""
