print("isignum")
