namespace NetGen.Generator.Surface;

/// <summary>Types that generated members have, as they write them: whatever names stand around.</summary>
internal static class RuntimeTypes
{
    public const string Parameter = "global::NetGen.Parameter";

    /// <summary>Without its type argument.</summary>
    public const string RepeatedBlocks = "global::NetGen.RepeatedBlocks";

    public const string ParameterList = "global::System.Collections.Generic.IReadOnlyList<" + Parameter + ">";

    public const string AlignedBuffer = "global::NetGen.CompilerServices.AlignedBuffer";

    public const string PartMemory = "global::NetGen.CompilerServices.PartMemory";

    public const string Initialization = "global::NetGen.Initialization";

    public const string Optimizer = "global::NetGen.Optimizer";

    public const string SessionOptions = "global::NetGen.SessionOptions";

    public const string TrainerOptions = "global::NetGen.TrainerOptions";

    public const string INetwork = "global::NetGen.INetwork";

    public const string NetworkPorts = "global::NetGen.NetworkPorts";

    public const string ISession = "global::NetGen.ISession";

    public const string ITrainer = "global::NetGen.ITrainer";

    public const string ITokenStream = "global::NetGen.ITokenStream";

    public const string Span = "global::System.Span<float>";

    /// <summary>A span that is only read.</summary>
    /// <param name="element">The type of its elements.</param>
    public static string ReadOnlySpan(string element) => $"global::System.ReadOnlySpan<{element}>";
}
