using System.Net;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Ports;

/// <summary>A socket of this machine that waits for clients, whoever has it.</summary>
/// <param name="Inode">By which the kernel names it.</param>
internal sealed record ListeningSocket(IPAddress Address, int Port, PortProtocol Protocol, string Inode);
