namespace Orchestrator.NodeAgent.Domain.Names;

/// <summary>A question as it came.</summary>
/// <param name="Name">In lower case, without the last dot.</param>
/// <param name="Type">Of the record asked for.</param>
/// <param name="QuestionEnd">Where the question ends in the message.</param>
/// <param name="UdpSize">The longest answer that the asker takes by UDP.</param>
/// <param name="Extended">It came with EDNS, and so goes the answer.</param>
public readonly record struct DnsQuery(string Name, ushort Type, int QuestionEnd, int UdpSize, bool Extended);
