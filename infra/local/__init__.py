"""The local stack: the deployed Chalice app, on one machine, with nothing but `make up`.

    settings ─┐                                   CUMULOG_PORT, CUMULOG_DATA, …
    folder ───┼─ __main__ ── server ── guard ── gateway ── app.app
    engines ──┘                 ├─ sweeper thread
       │                        └─ pump thread    S3's journal → events → the catalogue's handler
       ├─ processes             dynoxide (DynamoDB) and ministack (S3), children that die with us
       ├─ machines ── bridge    ministack (Step Functions) from the first approval on, and its way back to our functions
       └─ forgetful             moto in this process, when an engine is missing

`__main__` claims the data folder, starts the engines, points the settings of `chalicelib` at them and only then
imports the app. `gateway` turns each HTTP request into the event that Lambda would see, so what runs here is what
runs when deployed. `stack` starts and ends all of it from a test or a benchmark.
"""
