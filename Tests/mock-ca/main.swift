print("mock-ca")
