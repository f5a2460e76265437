using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;

namespace Orchestrator.State.Tests.Mongo;

/// <summary>Speaks as much of the protocol as a driver needs to be told that there is no room on the server's disk.</summary>
internal sealed class FullServer : IDisposable
{
    private const int Head = 16;
    private const int Reply = 1;
    private const int Query = 2004;
    private const int Message = 2013;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, BsonDocument> _answer;

    /// <param name="answer">To a command that writes, by its name.</param>
    public FullServer(Func<string, BsonDocument> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"mongodb://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/orchestrator";

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
        var command = BsonSerializer.Deserialize<BsonDocument>(reader).GetElement(0).Name;
        var answer = (command is "insert" or "update" or "findAndModify" ? _answer(command) : Hello).ToBson();
        byte[] before = kind == Query ? [.. new byte[16], 1, 0, 0, 0] : new byte[5];
        var message = new byte[Head + before.Length + answer.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(8), request);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), kind == Query ? Reply : Message);
        before.CopyTo(message, Head);
        answer.CopyTo(message, Head + before.Length);
        return message;
    }

    private static BsonDocument Hello => new()
    {
        { "ismaster", true }, { "isWritablePrimary", true }, { "helloOk", true }, { "maxBsonObjectSize", 16777216 }, { "maxMessageSizeBytes", 48000000 },
        { "maxWriteBatchSize", 100000 }, { "minWireVersion", 0 }, { "maxWireVersion", 21 }, { "ok", 1 },
    };
}
