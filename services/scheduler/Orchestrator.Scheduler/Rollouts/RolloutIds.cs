using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Scheduler.Rollouts;

/// <summary>Rollout ids are derived: whoever follows a command twice starts the same rollout. As a number they correlate its messages.</summary>
internal static class RolloutIds
{
    private const int Bytes = 16;

    public static string Of(string serviceId, int revision)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{serviceId}.{revision}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
    }

    public static Guid Correlation(string rolloutId) => Guid.ParseExact(rolloutId, "N");

    public static string Of(Guid correlation) => correlation.ToString("N");
}
