using NetGen.Generator.Cpu;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>
/// What a network's class holds that nobody else may see: one field, and one nested type with everything else. Their names are such as
/// nobody gives, so that layers and the user's own members, whose names are theirs to choose, meet nothing that they cannot know of.
/// </summary>
internal static class PrivateState
{
    /// <summary>The nested type.</summary>
    public const string Type = "__NetGen";

    /// <summary>The network's field of it.</summary>
    public const string Field = "__netGen";

    /// <summary>The array of all parameters, a field of <see cref="Type"/>.</summary>
    public const string List = "List";

    /// <summary>The static field of <see cref="Type"/> with what the attributes declare.</summary>
    public const string DeclaredInitialization = "Declared";

    /// <summary>Floats of the packed parameters, as an expression.</summary>
    public const string PackedLength = Type + ".PackedLength";

    /// <summary>The buffer of the parameters of a network.</summary>
    public static string ParametersOf(string network) => $"{network}.{Field}.Parameters";

    /// <summary>The list of the parameters of a network.</summary>
    public static string ListOf(string network) => $"{network}.{Field}.{List}";

    /// <summary>What inference derives from the parameters of a network.</summary>
    public static string PreparedOf(string network) => $"{network}.{Field}.Prepared";

    public static void Emit(SourceWriter writer, NetworkPlan plan)
    {
        writer.Line("// What is not for others lies behind this field, in a type of its own: no layer and no member of yours has such a name.");
        writer.Line($"private readonly {Type} {Field};");
        writer.Line();
        bool prepares = plan.InferencePrepared.Length > 0;
        using (writer.Block($"private sealed class {Type}"))
        {
            writer.Line("// Floats of the packed parameters, with what fills the last block of 16 channels of each tensor.");
            writer.Line($"internal const int PackedLength = {Literals.Int(plan.Packing.Length)};");
            writer.Line();
            if (plan.Network.Spec.Initializers.Count > 0)
            {
                EmitInitialization(writer, plan);
                writer.Line();
            }
            writer.Line("// All parameters in one buffer, packed in the order the kernels read.");
            writer.Line("internal readonly global::NetGen.CompilerServices.AlignedBuffer Parameters;");
            writer.Line($"internal readonly global::NetGen.Parameter[] {List};");
            writer.Line();
            if (prepares)
            {
                writer.Line("// What inference derives from the parameters, for all sessions; made again by the first to see that they have changed.");
                writer.Line("internal readonly global::NetGen.CompilerServices.PreparedWeights Prepared;");
                writer.Line();
            }
            using (writer.Block($"internal {Type}(global::NetGen.CompilerServices.AlignedBuffer parameters, global::NetGen.Parameter[] list)"))
            {
                writer.Line("Parameters = parameters;");
                if (prepares)
                    writer.Line($"Prepared = new global::NetGen.CompilerServices.PreparedWeights(parameters, {Literals.Int(plan.InferencePrepared.Length)});");
                writer.Line($"{List} = list;");
            }
        }
        writer.Line();
    }

    /// <summary>
    /// In a type of its own it is there whenever it is asked for. In the network's, a static field of the user's that holds a network might
    /// be made before it.
    /// </summary>
    private static void EmitInitialization(SourceWriter writer, NetworkPlan plan)
    {
        (string otherwise, IReadOnlyList<(string Path, string Scheme)> parts) = InitializerEmitter.Schemes(plan.Network.Spec.Initializers);
        writer.Line("// What the [Initialize] attributes declare: here it is there before any static field of the network asks for it.");
        if (parts.Count == 0)
        {
            writer.Line($"internal static readonly global::NetGen.Initialization {DeclaredInitialization} = {otherwise};");
            return;
        }
        writer.Line($"internal static readonly global::NetGen.Initialization {DeclaredInitialization} = global::NetGen.Initialization.CreateByPath(");
        using (writer.Indent())
        {
            writer.Line($"{otherwise},");
            for (int i = 0; i < parts.Count; i++)
                writer.Line($"({Literals.String(parts[i].Path)}, {parts[i].Scheme}){(i == parts.Count - 1 ? ");" : ",")}");
        }
    }
}
