from tests.reference_stacks.microservices.conftest import *
def test_probe(services, member, emulator):
    for n, s in services.items():
        print(n, s.outputs); print(s.handlers_added)
    t = services["tickets"].call("GET", "/", token=member.access); print(t)
    import boto3
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    import json
    u = services["shows"].api_url + "/"
    for signed in (0,1):
        r = AWSRequest("POST", u, data=json.dumps({"show_id":"a-1","city":"Vienna","starts_at":"2099-04-12T19:30:00Z","title":"T","price_cents":10}), headers={"Content-Type":"application/json"})
        if signed: SigV4Auth(Credentials("test","test"), "execute-api", "us-east-1").add_auth(r)
        from tests.reference_stacks.emulator.stack import http
        print(http("POST", u, data=r.data if isinstance(r.data, bytes) else r.data.encode(), headers=dict(r.headers)))
    import time; time.sleep(2)
    print(emulator.client("dynamodb").scan(TableName=services["tickets"].outputs["ShowsOnSaleTableName"])["Items"])
    print(http("GET", emulator.url + "/tickets", headers={"Host": "api.example.com", "Authorization": "Bearer " + member.access}))
    print(http("GET", emulator.url + "/tickets/", headers={"Host": "api.example.com", "Authorization": "Bearer " + member.access}))
    print(emulator.log_text()[-3000:])
