#!/bin/bash
# In the place of Kafka's program: accepts what that accepts to make a topic, and fails the first time, as it does while the
# broker starts.
set -euo pipefail
[ "$*" = "--bootstrap-server kafka:9092 --create --if-not-exists --topic user_behavior --partitions 1 --replication-factor 1" ] ||
  { echo "unexpected arguments: $*" >&2; exit 1; }
[ -e /tmp/tried ] || { touch /tmp/tried; echo "the broker is not available" >&2; exit 1; }
python3 /opt/kafka/bin/kafka.py topic user_behavior
echo "Created topic user_behavior."
