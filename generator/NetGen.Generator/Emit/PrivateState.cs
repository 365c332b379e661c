using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The private type of a network, see <see cref="PrivateNames"/>. In a network in error it has what all members throw.</summary>
internal sealed record PrivateState(NetworkFacts Network) : SurfaceItem("")
{
    /// <summary>The array of all parameters.</summary>
    public const string List = PrivateNames.Field + ".List";

    /// <summary>What the attributes declare.</summary>
    public const string DeclaredInitialization = PrivateNames.Type + ".Declared";

    /// <summary>What the network reads, gives and is compared with.</summary>
    public const string Ports = PrivateNames.Type + ".Ports";

    /// <summary>Floats of the packed parameters.</summary>
    public const string PackedLength = PrivateNames.Type + ".PackedLength";

    /// <summary>A member of the private state of a network.</summary>
    /// <param name="network">An expression for the network.</param>
    public static string Of(string network, string member) => $"{network}.{PrivateNames.Field}.{member}";

    public override void WriteCode(SourceWriter writer)
    {
        long prepared = Network.Sound.InferencePrepared.Length;
        writer.Line($"""
            // What is not for others lies behind this field, in a type of its own: no layer and no member of yours has such a name.
            private readonly {PrivateNames.Type} {PrivateNames.Field};

            """);
        using (writer.Block($"private sealed class {PrivateNames.Type}"))
        {
            writer.Line("// Floats of the packed parameters, with what fills the last block of 16 channels of each tensor.");
            writer.Line($"internal const int PackedLength = {Literals.Int(Network.Sound.Packing.Length)};");
            writer.Line();
            if (Network.Spec.Initializers.Count > 0)
            {
                WriteInitialization(writer);
                writer.Line();
            }
            PortsText.Write(Network, writer);
            writer.Line();
            writer.Line("""
                // All parameters in one buffer, packed in the order the kernels read.
                internal readonly global::NetGen.CompilerServices.AlignedBuffer Parameters;
                internal readonly global::NetGen.Parameter[] List;

                """);
            if (prepared > 0)
            {
                writer.Line("""
                    // What inference derives from the parameters, for all sessions; made again by the first to see that they have changed.
                    internal readonly global::NetGen.CompilerServices.PreparedWeights Prepared;

                    """);
            }
            using (writer.Block($"internal {PrivateNames.Type}({RuntimeTypes.AlignedBuffer} parameters, {RuntimeTypes.Parameter}[] list)"))
            {
                writer.Line("Parameters = parameters;");
                if (prepared > 0)
                    writer.Line($"Prepared = new global::NetGen.CompilerServices.PreparedWeights(parameters, {Literals.Int(prepared)});");
                writer.Line("List = list;");
            }
        }
    }

    public override void WriteStub(SourceWriter writer, Stub stub)
    {
        string message = $"'{Network.Spec.Name}' was not generated, because its declaration has errors, "
            + "or uses what another source generator writes.";
        writer.Line($$"""
            private static class {{PrivateNames.Type}}
            {
                internal static global::System.Exception Error
                    => new global::System.InvalidOperationException({{Literals.String(message)}});
            }
            """);
    }

    /// <summary>
    /// In a type of its own it is there whenever it is asked for. In the network's, a static field of the user's that holds a network might
    /// be made before it.
    /// </summary>
    private void WriteInitialization(SourceWriter writer)
    {
        (string otherwise, IReadOnlyList<(string Path, string Scheme)> parts) = InitializerEmitter.Schemes(Network.Spec.Initializers);
        const string Field = "internal static readonly global::NetGen.Initialization Declared";
        writer.Line("// What the [Initialize] attributes declare: here it is there before any static field of the network asks for it.");
        if (parts.Count == 0)
        {
            writer.Line($"{Field} = {otherwise};");
            return;
        }
        writer.Line($"{Field} = global::NetGen.Initialization.CreateByPath(");
        using (writer.Indent())
        {
            writer.Line($"{otherwise},");
            for (int i = 0; i < parts.Count; i++)
                writer.Line($"({Literals.String(parts[i].Path)}, {parts[i].Scheme}){(i == parts.Count - 1 ? ");" : ",")}");
        }
    }
}
