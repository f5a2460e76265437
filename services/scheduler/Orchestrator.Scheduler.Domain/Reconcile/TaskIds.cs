using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Scheduler.Domain.Reconcile;

/// <summary>Task ids are derived: two schedulers that plan the same task make the same id, and the second insertion is refused.</summary>
public static class TaskIds
{
    private const int Bytes = 16;

    public static string Derive(string serviceId, int slot, int revision, int attempt) =>
        Derive(serviceId, slot.ToString(CultureInfo.InvariantCulture), revision, attempt);

    /// <param name="slot">Of a global service: the node's id.</param>
    public static string Derive(string serviceId, string slot, int revision, int attempt)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{serviceId}/{slot}/{revision}/{attempt}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }
}
