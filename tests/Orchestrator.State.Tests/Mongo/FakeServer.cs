using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>Speaks as much of the protocol as a driver needs to be told why a write is refused: no room on the server's disk, no primary.</summary>
internal sealed class FakeServer : IDisposable
{
    private const int Head = 16;
    private const int Reply = 1;
    private const int Query = 2004;
    private const int Message = 2013;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<BsonDocument, BsonDocument> _answer;
    private readonly string? _replicaSet;

    /// <param name="answer">To a command that writes.</param>
    /// <param name="replicaSet">Whose one member and primary it is; null: of none.</param>
    public FakeServer(Func<BsonDocument, BsonDocument> answer, string? replicaSet = null)
    {
        (_answer, _replicaSet) = (answer, replicaSet);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"mongodb://{Host}/orchestrator" + (_replicaSet is null ? "" : "?replicaSet=" + _replicaSet);

    private string Host => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var stream = client.GetStream();
            var head = new byte[Head];
            while (await stream.ReadAtLeastAsync(head, Head, throwOnEndOfStream: false) == Head)
            {
                var body = new byte[BinaryPrimitives.ReadInt32LittleEndian(head) - Head];
                await stream.ReadExactlyAsync(body);
                await stream.WriteAsync(Answer(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4)), BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(12)), body));
            }
        }
    }

    private byte[] Answer(int request, int kind, byte[] body)
    {
        // Before the command: flags; and of the older form the collection's name and two numbers, of the newer a section's kind.
        var start = kind == Query ? Array.IndexOf(body, (byte)0, 4) + 9 : 5;
        using var reader = new BsonBinaryReader(new MemoryStream(body, start, body.Length - start));
        var command = BsonSerializer.Deserialize<BsonDocument>(reader);
        var answer = (command.GetElement(0).Name is "insert" or "update" or "findAndModify" ? _answer(command) : Hello()).ToBson();
        byte[] before = kind == Query ? [.. new byte[16], 1, 0, 0, 0] : new byte[5];
        var message = new byte[Head + before.Length + answer.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), request);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), kind == Query ? Reply : Message);
        before.CopyTo(message, Head);
        answer.CopyTo(message, Head + before.Length);
        return message;
    }

    private BsonDocument Hello()
    {
        var hello = new BsonDocument
        {
            { "ismaster", true }, { "isWritablePrimary", true }, { "helloOk", true }, { "maxBsonObjectSize", 16777216 }, { "maxMessageSizeBytes", 48000000 },
            { "maxWriteBatchSize", 100000 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "ok", 1 },
        };
        return _replicaSet is null ? hello : hello.AddRange(new BsonDocument
        {
            { "setName", _replicaSet }, { "setVersion", 1 }, { "hosts", new BsonArray { Host } }, { "me", Host }, { "primary", Host }, { "logicalSessionTimeoutMinutes", 30 },
        });
    }
}
