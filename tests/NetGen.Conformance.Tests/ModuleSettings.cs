using System.Runtime.CompilerServices;

namespace NetGen.Conformance.Tests;

internal static class ModuleSettings
{
    /// <summary>Sessions and trainers use all of their threads, however busy the machine is: what is tested here is the sharing.</summary>
    [ModuleInitializer]
    internal static void KeepThreadsTogether() => AppContext.SetSwitch("NetGen.AlwaysShareWork", true);
}
