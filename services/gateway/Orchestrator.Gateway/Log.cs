using Microsoft.Extensions.Logging;

namespace Orchestrator.Gateway;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Information, "{Count} API instances: {Addresses}", EventName = "InstancesChanged")]
    public static partial void InstancesChanged(ILogger logger, int count, string addresses);
}
