using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen.Runtime.Tests;

internal static class ModuleSettings
{
    /// <summary>
    /// Pools keep to all their threads, so that what the tests see of them does not depend on what else the machine does;
    /// <see cref="PaceTests"/> tests how they adapt.
    /// </summary>
    [ModuleInitializer]
    internal static void KeepThreadsTogether() => AppContext.SetSwitch(Pace.AlwaysTogetherSwitch, true);
}
