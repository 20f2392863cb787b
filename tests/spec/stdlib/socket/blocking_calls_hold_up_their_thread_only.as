import socket
import threading

server = socket.create_server(("127.0.0.1", 0))

def serve():
    connection, _ = server.accept()
    with connection:
        while data := connection.recv(100):
            connection.sendall(data.upper())

thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(server.getsockname()) as client:
    client.sendall(b"hello")
    print(client.recv(100))             # expect: b'HELLO'
    client.setblocking(False)
    try:
        client.recv(1)
    except BlockingIOError as error:
        print(error)                    # expect: [Errno 11] Resource temporarily unavailable
thread.join()
server.close()
print(server.fileno())                  # expect: -1
