"""The methods of `cumulog.Client`, written from the API's OpenAPI document.

naming.py        operation → namespace and name of its method
python_types.py  schemas → types of Python
messages.py      messages of requests and replies → types
writing.py       the modules of `client/python/src/cumulog/_client/generated/`
"""
