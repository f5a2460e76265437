using System.Buffers.Binary;
using System.Text;

namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>Reads questions and writes answers (RFC 1035, 2782, 6891), as far as names of the cluster need them; other messages are passed on as they are.</summary>
public static class DnsMessages
{
    public const int MaxUdp = 1232;
    public const int NoError = 0;
    public const int ServerFailure = 2;
    public const int NoSuchName = 3;
    private const int HeaderSize = 12;
    private const int PlainUdp = 512;
    private const ushort Opt = 41;
    private const ushort Internet = 1;
    private const ushort PointerToQuestion = 0xc00c;
    private const int OptSize = 11;

    /// <summary>Zero: who asks again gets what is true then.</summary>
    private const uint TimeToLive = 0;

    /// <returns>False where it is no plain question.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        query = default;
        if (message.Length < HeaderSize || (message[2] & 0xf8) != 0 || Number(message, 4) != 1 || Number(message, 6) != 0 || Number(message, 8) != 0)
        {
            return false;
        }

        var at = HeaderSize;
        var name = new StringBuilder();
        while (at < message.Length && message[at] != 0)
        {
            var length = message[at];
            if (length > 63 || at + 1 + length >= message.Length)
            {
                return false;
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message.Slice(at + 1, length)));
            at += 1 + length;
        }

        if (at + 5 > message.Length || Number(message, at + 3) != Internet)
        {
            return false;
        }

        var end = at + 5;
        var extended = Number(message, 10) > 0 && end + OptSize <= message.Length && message[end] == 0 && Number(message, end + 1) == Opt;
        var size = extended ? Math.Clamp((int)Number(message, end + 3), PlainUdp, MaxUdp) : PlainUdp;
        query = new DnsQuery(name.ToString().ToLowerInvariant(), Number(message, at + 1), end, size, extended);
        return true;
    }

    /// <param name="message">The question, as it came.</param>
    /// <param name="query">What was read of it.</param>
    /// <param name="code">How it went.</param>
    /// <param name="answers">Records asked for.</param>
    /// <param name="more">Addresses of names in the answers.</param>
    /// <param name="limit">The longest that may be; beyond it nothing but the mark that there is more.</param>
    public static byte[] Answer(ReadOnlySpan<byte> message, DnsQuery query, int code, IReadOnlyList<DnsRecord> answers, IReadOnlyList<DnsRecord> more, int limit)
    {
        var size = query.QuestionEnd + (query.Extended ? OptSize : 0) + answers.Concat(more).Sum(SizeOf);
        var cut = size > limit;
        var answer = new byte[cut ? query.QuestionEnd + (query.Extended ? OptSize : 0) : size];
        message[..query.QuestionEnd].CopyTo(answer);

        // An answer, with authority, recursion as wished for and on offer.
        answer[2] = (byte)(0x84 | (message[2] & 1) | (cut ? 2 : 0));
        answer[3] = (byte)(0x80 | code);
        Put(answer, 6, cut ? 0 : answers.Count);
        Put(answer, 8, 0);
        Put(answer, 10, (cut ? 0 : more.Count) + (query.Extended ? 1 : 0));
        var at = query.QuestionEnd;
        foreach (var record in cut ? [] : answers.Concat(more))
        {
            at = Write(answer, at, record);
        }

        if (query.Extended)
        {
            Put(answer, at + 1, Opt);
            Put(answer, at + 3, MaxUdp);
        }

        return answer;
    }

    private static int Write(byte[] answer, int at, DnsRecord record)
    {
        if (record.Name is null)
        {
            Put(answer, at, PointerToQuestion);
            at += 2;
        }
        else
        {
            at = WriteName(answer, at, record.Name);
        }

        Put(answer, at, record.Type);
        Put(answer, at + 2, Internet);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(at + 4), TimeToLive);
        at += 10;
        if (record.Target is null)
        {
            Put(answer, at - 2, 4);
            BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(at), record.Address);
            return at + 4;
        }

        Put(answer, at - 2, 6 + NameSize(record.Target));
        Put(answer, at + 2, 1);
        Put(answer, at + 4, record.Port);
        return WriteName(answer, at + 6, record.Target);
    }

    private static int WriteName(byte[] answer, int at, string name)
    {
        foreach (var label in name.Split('.'))
        {
            answer[at] = (byte)label.Length;
            at += 1 + Encoding.ASCII.GetBytes(label, answer.AsSpan(at + 1));
        }

        return at + 1;
    }

    private static int SizeOf(DnsRecord record) => (record.Name is { } name ? NameSize(name) : 2) + 10 + (record.Target is { } target ? 6 + NameSize(target) : 4);

    private static int NameSize(string name) => name.Length + 2;

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static void Put(byte[] message, int at, int number) => BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), (ushort)number);
}
