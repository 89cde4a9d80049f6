"""The documents, and the one that no hand writes.

    reference.py   the API's OpenAPI document → api.md
    __main__.py    `make api-reference` writes it; `make check` fails while it is not current

All other pages are written by hand. tests/unit/infra/test_documents.py checks what they name and link.
"""
