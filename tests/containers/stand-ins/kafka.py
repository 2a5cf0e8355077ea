"""kafka.py [send MESSAGE | topic NAME]
In the place of Kafka: the mock cluster of librdkafka, which speaks the real protocol, at the names and ports of
docker-compose.yml. The cluster listens at 127.0.0.1 alone, and tells its clients so; this passes their connections on, and
writes the names of the listeners into the answers.
  send MESSAGE   instead writes a message to the topic, through the listener for containers
  topic NAME     instead has the cluster make a topic
"""
import asyncio
import struct
import sys

from confluent_kafka import Producer

TOPIC = "user_behavior"
# Port: what clients of this listener are told, as in KAFKA_ADVERTISED_LISTENERS. Port 9092 of the host is 19092 here.
LISTENERS = {9092: (b"kafka", 9092), 19092: (b"localhost", 9092)}


def renamed(answer, port, name, told):
    """The answer of a broker, with another address: the host, whose length is in front of it in two bytes or in one, and the
    port."""
    here = b"127.0.0.1"
    for head in ("h", "b"):
        short = 1 if head == "b" else 0  # compact strings count one more
        answer = answer.replace(
            struct.pack(f">{head}", len(here) + short) + here + struct.pack(">i", port),
            struct.pack(f">{head}", len(name) + short) + name + struct.pack(">i", told))
    return answer


async def pass_on(reader, writer, change):
    try:
        while True:
            frame = await reader.readexactly(*struct.unpack(">i", await reader.readexactly(4)))
            frame = change(frame)
            writer.write(struct.pack(">i", len(frame)) + frame)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def serve(port):
    def relay_as(name, told):
        async def relay(reader, writer):
            there, back = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pass_on(reader, back, lambda frame: frame),
                                 pass_on(there, writer, lambda frame: renamed(frame, port, name, told)))
        return relay

    servers = [await asyncio.start_server(relay_as(*told), "0.0.0.0", listener) for listener, told in LISTENERS.items()]
    print("listening", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


def send(message):
    lost = []
    producer = Producer({"bootstrap.servers": "kafka:9092"})
    producer.produce(TOPIC, message, on_delivery=lambda failed, _: lost.append(failed) if failed else None)
    if producer.flush(20) or lost:
        sys.exit(f"not delivered: {lost}")


def main(arguments):
    match arguments:
        case ["send", message]:
            send(message)
        case ["topic", name]:
            Producer({"bootstrap.servers": "kafka:9092"}).list_topics(name, timeout=5)
        case _:
            cluster = Producer({"test.mock.num.brokers": 1})
            broker = next(iter(cluster.list_topics(timeout=10).brokers.values()))
            asyncio.run(serve(broker.port))


main(sys.argv[1:])
