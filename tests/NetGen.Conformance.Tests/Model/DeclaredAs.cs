namespace NetGen.Conformance.Tests.Model;

/// <summary>What a network is declared with besides its layers and losses.</summary>
[Flags]
internal enum DeclaredAs
{
    Usual = 0,

    /// <summary>It has a stream.</summary>
    Stream = 1,

    /// <summary>It is for inference only, without its losses.</summary>
    InferenceOnly = 2,

    /// <summary>It is, and keeps its weights in 16 bits.</summary>
    BFloat16 = InferenceOnly | 4,
}
