import json
def test_x(stack, member, cached, issuer):
    for k,v in sorted(stack.resources.items()): print(k,v)
    print(stack.outputs, stack.handlers_added)
    print(stack.call("GET","/shows?city=Vienna",token=member))
    print(stack.call("GET","/shows?city=Vienna",token=member))
    print(stack.call("GET","/shows?city=Vienna"))
    print(stack.call("GET","/shows?city=Vienna",token="a.b.c"))
    print(stack.call("GET","/tickets",token=member))
    print(stack.call("GET","/info",token=member))
    print(stack.call("GET","/shows",token=issuer.token(scope="info.read")))
    print(cached(["KEYS","*"]))
    cf=stack.client("cloudfront"); d=cf.get_distribution(Id=stack.outputs["DistributionId"])["Distribution"]
    print(json.dumps(d,default=str,indent=1))
    print(stack.emulator.log_text()[-3000:])
    assert 0
