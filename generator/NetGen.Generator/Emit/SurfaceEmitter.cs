using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Inference;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>Writes what the user calls: constants, parameters by layer, session, trainer, files.</summary>
internal static class SurfaceEmitter
{
    public static IReadOnlyList<string> ClassHeader(NetworkPlan plan)
    {
        InferredNetwork network = plan.Network;
        var lines = new List<string>
        {
            $"/// <summary>{XmlText.Escape($"{network.Input} → {network.Output}: {Literals.Count(NetworkFigures.Parameters(network))} parameters, {Literals.Count(NetworkFigures.MultiplyAdds(network))} multiply-adds per sample.")}</summary>",
            "/// <remarks><list type=\"bullet\">",
        };
        lines.AddRange(Summary.Xml(network).Select(item => "/// " + item));
        lines.Add("/// </list></remarks>");
        lines.Add($"partial class {network.Spec.Name} : global::NetGen.INetwork");
        return lines;
    }

    public static void Emit(SourceWriter writer, NetworkPlan plan)
    {
        InferredNetwork network = plan.Network;
        EmitConstants(writer, network);
        EmitParameters(writer, plan);
        EmitFiles(writer, network);
        EmitGraph(writer, network);
        EmitLayerTypes(writer, plan);
        SessionEmitter.Emit(writer, plan);
        TrainerEmitter.Emit(writer, plan);
        EmitGradients(writer, plan);
    }

    private static void EmitConstants(SourceWriter writer, InferredNetwork network)
    {
        writer.Line("/// <summary>Values of one input sample.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("InputSize")}const int InputSize = {Literals.Int(network.Input.Size)};");
        writer.Line();
        writer.Line("/// <summary>Values of one output sample.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("OutputSize")}const int OutputSize = {Literals.Int(network.Output.Size)};");
        writer.Line();
        writer.Line("/// <summary>Learnable scalars.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("ParameterCount")}const int ParameterCount = {Literals.Int(NetworkFigures.Parameters(network))};");
        writer.Line();
        writer.Line("/// <summary>Bytes that the values between the layers take at most at one time, for the output of one sample: see BudgetAttribute.MaxActivationBytes.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("ActivationBytes")}const long ActivationBytes = {Literals.Int(NetworkPlan.ActivationPeak(network).Bytes)}L;");
        writer.Line();
        writer.Line("/// <summary>Multiply-adds of the forward pass for one sample, counted by the definition of the layers.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("MultiplyAdds")}const long MultiplyAdds = {Literals.Int(NetworkFigures.MultiplyAdds(network))}L;");
        writer.Line();
        writer.Line("/// <summary>A table of the layers with output shape, parameters and multiply-adds.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("Summary")}const string Summary =");
        using (writer.Indent())
        {
            string[] rows = Summary.Text(network).TrimEnd('\n').Split('\n');
            for (int i = 0; i < rows.Length; i++)
                writer.Line(Literals.String(rows[i]).TrimEnd('"') + "\\n\"" + (i + 1 < rows.Length ? " +" : ";"));
        }
        writer.Line();
        writer.Line("/// <summary>Dimensions of one input sample.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("InputShape")}static global::System.ReadOnlySpan<int> InputShape => new int[] {{ {string.Join(", ", network.Input.Dimensions.Select(d => Literals.Int(d)))} }};");
        writer.Line();
        writer.Line("/// <summary>Dimensions of one output sample.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("OutputShape")}static global::System.ReadOnlySpan<int> OutputShape => new int[] {{ {string.Join(", ", network.Output.Dimensions.Select(d => Literals.Int(d)))} }};");
        writer.Line();
    }

    private static void EmitParameters(SourceWriter writer, NetworkPlan plan)
    {
        string name = plan.Network.Spec.Name;
        bool isDeclared = plan.Network.Spec.Initializers.Count > 0;
        PrivateState.Emit(writer, plan);
        if (isDeclared)
        {
            writer.Line("/// <summary>The initialisation that the [Initialize] attributes declare; of several paths above a parameter the longest decides.</summary>");
            writer.Line($"public {plan.Network.Spec.ModifierOf("DeclaredInitialization")}static global::NetGen.Initialization DeclaredInitialization => {PrivateState.Type}.{PrivateState.DeclaredInitialization};");
            writer.Line();
        }
        writer.Line(isDeclared
            ? "/// <summary>A network with the declared initialisation.</summary>"
            : "/// <summary>A network with PyTorch's default initialisation: uniform in ±1 / √fan_in.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same parameters on every machine.</param>");
        using (writer.Block($"public {name}(ulong seed = 0) : this(seed, {(isDeclared ? "DeclaredInitialization" : "global::NetGen.Initialization.PyTorchDefault")})"))
        {
        }
        writer.Line();
        writer.Line("/// <summary>A network with the given initialisation.</summary>");
        writer.Line("/// <param name=\"seed\">The same seed gives the same parameters on every machine.</param>");
        writer.Line("/// <param name=\"initialization\">What the parameters are drawn from.</param>");
        using (writer.Block($"public {name}(ulong seed, global::NetGen.Initialization initialization)"))
        {
            writer.Line("global::System.ArgumentNullException.ThrowIfNull(initialization);");
            writer.Line($"global::NetGen.CompilerServices.AlignedBuffer parameters = new global::NetGen.CompilerServices.AlignedBuffer({PrivateState.PackedLength});");
            List<string> lists = AssignLayers(writer, plan.Network.Layers, plan.Parameters, "parameters");
            writer.Line($"{PrivateState.Field} = new {PrivateState.Type}(parameters, new global::NetGen.Parameter[] {{ {string.Join(", ", lists)} }});");
            writer.Line($"initialization.Apply({PrivateState.Field}.{PrivateState.List}, seed);");
        }
        writer.Line();
        DeclareLayers(writer, plan.Network.Layers, "Parameters", plan.Network.Spec.ModifierOf);
        writer.Line("/// <summary>All parameters, in the order of the declaration.</summary>");
        writer.Line($"public {plan.Network.Spec.ModifierOf("Parameters")}global::System.Collections.Generic.IReadOnlyList<global::NetGen.Parameter> Parameters => {PrivateState.Field}.{PrivateState.List};");
        writer.Line();
    }

    /// <summary>Writes the assignments of the layers' properties, and gives the expressions of all parameters in file order.</summary>
    private static List<string> AssignLayers(SourceWriter writer, IReadOnlyCollection<InferredLayer> layers, ParameterTable parameters, string storage)
    {
        foreach (InferredLayer layer in layers.Where(HasParameters))
            writer.Line($"{layer.Spec.PropertyName} = new {TypeName(layer)}({storage});");
        return ParameterExpressions(layers, parameters, "");
    }

    /// <summary>The expressions of all parameters of some layers, in file order, e.g. <c>Residual1.Conv1.Weight</c>.</summary>
    /// <param name="prefix">The object that has the layers, with a dot at its end; empty in its own members.</param>
    private static List<string> ParameterExpressions(IEnumerable<InferredLayer> layers, ParameterTable parameters, string prefix)
    {
        var expressions = new List<string>();
        foreach (InferredLayer layer in layers.Where(HasParameters))
        {
            string path = prefix + layer.Spec.PropertyName;
            expressions.AddRange(parameters.Of(layer).Select(p => path + "." + p.PropertyName));
            expressions.AddRange(ParameterExpressions(layer.Members, parameters, path + "."));
        }
        return expressions;
    }

    /// <param name="modifierOf">What stands in front of the members of the network that a base class has too; null within other types.</param>
    private static void DeclareLayers(SourceWriter writer, IEnumerable<InferredLayer> layers, string what, Func<string, string>? modifierOf = null)
    {
        foreach (InferredLayer layer in layers.Where(HasParameters))
        {
            writer.Line($"/// <summary>{what} of {XmlText.Escape(LayerRegistry.For(layer.Spec).Title(layer))}.</summary>");
            writer.Line($"public {modifierOf?.Invoke(layer.Spec.PropertyName)}{TypeName(layer)} {layer.Spec.PropertyName} {{ get; }}");
            writer.Line();
        }
    }

    /// <summary>
    /// The type that holds a layer's tensors, after the whole path: in a block in a block, <c>residual1.residual1</c>, a type called
    /// after the last name alone would have the name of the type around it, which C# forbids.
    /// </summary>
    private static string TypeName(InferredLayer layer)
        => string.Concat(layer.Path.Split('.').Select(Identifiers.ToPascalCase)) + "Parameters";

    private static bool HasParameters(InferredLayer layer) => LayerRegistry.For(layer.Spec).HasParameters(layer.Spec);

    private static void EmitFiles(SourceWriter writer, InferredNetwork network)
    {
        string name = network.Spec.FullName;
        writer.Line("/// <summary>Writes all parameters to a safetensors file: to a temporary file first, which then takes the name.</summary>");
        writer.Line("/// <exception cref=\"System.IO.IOException\">The file cannot be written; an older file of the name is as it was.</exception>");
        writer.Line($"public {network.Spec.ModifierOf("Save")}void Save(string path) => global::NetGen.SafeTensors.Save(path, {PrivateState.Field}.{PrivateState.List});");
        writer.Line();
        writer.Line("/// <summary>Reads a network's parameters from a safetensors file.</summary>");
        writer.Line("/// <exception cref=\"global::NetGen.SafeTensorsException\">The file is damaged, or its entries are not this network's; the message names the entry.</exception>");
        using (writer.Block($"public {network.Spec.ModifierOf("Load")}static {name} Load(string path)"))
        {
            writer.Line($"{name} network = new {name}(0UL, global::NetGen.CompilerServices.Undrawn.Initialization);");
            writer.Line("network.LoadParameters(path);");
            writer.Line("return network;");
        }
        writer.Line();
        writer.Line("/// <summary>Replaces all parameters by those of a safetensors file; on any error they are as they were.</summary>");
        writer.Line("/// <exception cref=\"global::NetGen.SafeTensorsException\">The file is damaged, or its entries are not this network's; the message names the entry.</exception>");
        writer.Line($"public {network.Spec.ModifierOf("LoadParameters")}void LoadParameters(string path) => global::NetGen.SafeTensors.Load(path, {PrivateState.Field}.{PrivateState.List});");
        writer.Line();
    }

    private static void EmitGraph(SourceWriter writer, InferredNetwork network)
    {
        writer.Line("/// <summary>The layers as a graph, as the network declares them: for TensorBoard and the like. Read anew at each call.</summary>");
        writer.Line($"public {network.Spec.ModifierOf("Graph")}static global::NetGen.NetworkGraph Graph => global::NetGen.NetworkGraph.Parse(");
        using (writer.Indent())
        {
            IReadOnlyList<string> lines = GraphText.Lines(network);
            for (int i = 0; i < lines.Count; i++)
                writer.Line(Literals.String(lines[i]).Replace("\t", "\\t").TrimEnd('"') + (i + 1 < lines.Count ? "\\n\" +" : "\");"));
        }
        writer.Line();
        writer.Line("global::NetGen.NetworkGraph global::NetGen.INetwork.Graph => Graph;");
        writer.Line();
        writer.Line("global::NetGen.ISession global::NetGen.INetwork.CreateSession(int maxBatch, global::NetGen.SessionOptions? options) => CreateSession(maxBatch, options);");
        writer.Line();
        writer.Line("global::NetGen.ITrainer global::NetGen.INetwork.CreateTrainer(int batchSize, global::NetGen.Optimizer optimizer, global::NetGen.TrainerOptions? options) => CreateTrainer(batchSize, optimizer, options);");
        writer.Line();
    }

    private static void EmitLayerTypes(SourceWriter writer, NetworkPlan plan) => EmitLayerTypes(writer, plan, plan.Network.Layers, plan.Network.Spec.ModifierOf);

    /// <param name="modifierOf">What stands in front of the members of the network that a base class has too; null within the types themselves.</param>
    private static void EmitLayerTypes(SourceWriter writer, NetworkPlan plan, IEnumerable<InferredLayer> layers, Func<string, string>? modifierOf = null)
    {
        foreach (InferredLayer layer in layers.Where(HasParameters))
        {
            string type = TypeName(layer);
            writer.Line($"/// <summary>The tensors of {XmlText.Escape(layer.Path)}, {XmlText.Escape(LayerRegistry.For(layer.Spec).Title(layer))}: its parameters, or their gradients.</summary>");
            using (writer.Block($"public {modifierOf?.Invoke(type)}sealed class {type} : global::NetGen.IParameterSet"))
            {
                IReadOnlyList<ParameterInfo> own = plan.Parameters.Of(layer);
                using (writer.Block($"internal {type}(global::NetGen.CompilerServices.AlignedBuffer storage)"))
                {
                    foreach (ParameterInfo parameter in own)
                        writer.Line($"{parameter.PropertyName} = {New(parameter)};");
                    foreach (InferredLayer inner in layer.Members.Where(HasParameters))
                        writer.Line($"{inner.Spec.PropertyName} = new {TypeName(inner)}(storage);");
                    IEnumerable<string> expressions = own.Select(p => p.PropertyName).Concat(ParameterExpressions(layer.Members, plan.Parameters, ""));
                    writer.Line($"Parameters = new global::NetGen.Parameter[] {{ {string.Join(", ", expressions)} }};");
                }
                writer.Line();
                writer.Line("/// <summary>All of these tensors, in the order of files.</summary>");
                writer.Line("public global::System.Collections.Generic.IReadOnlyList<global::NetGen.Parameter> Parameters { get; }");
                foreach (ParameterInfo parameter in own)
                {
                    writer.Line();
                    string shape = string.Join(", ", parameter.Shape.Select(d => Literals.Int(d)));
                    writer.Line($"/// <summary>[{shape}]{(parameter.Shape.Count > 1 ? ", in PyTorch's order" : "")}.</summary>");
                    writer.Line($"public global::NetGen.Parameter {parameter.PropertyName} {{ get; }}");
                }
                if (layer.Scopes.Count > 0)
                {
                    writer.Line();
                    DeclareLayers(writer, layer.Members, "Tensors");
                    EmitLayerTypes(writer, plan, layer.Members);
                }
            }
            writer.Line();
        }
    }

    private static string New(ParameterInfo parameter)
    {
        string dimensions = string.Join(", ", parameter.Packed.Dimensions.Select(d =>
            $"new global::NetGen.CompilerServices.TensorDimension({Literals.Int(d.Extent)}, {Literals.Int(d.Block)}, {Literals.Int(d.OuterStride)}, {Literals.Int(d.InnerStride)})"));
        return $"new global::NetGen.Parameter({Literals.String(parameter.Path)}, new int[] {{ {string.Join(", ", parameter.Shape.Select(d => Literals.Int(d)))} }}, storage, {Literals.Int(parameter.Offset)}, "
            + $"new global::NetGen.CompilerServices.TensorLayout({dimensions}), global::NetGen.ParameterKind.{parameter.Role}, {Literals.Int(parameter.FanIn)}, {Literals.Int(parameter.FanOut)}{(parameter.InitialValue is float value ? ", " + Literals.Float(value) : "")})";
    }

    private static void EmitGradients(SourceWriter writer, NetworkPlan plan)
    {
        writer.Line("/// <summary>The gradients that the trainer's last backward pass left, by layer.</summary>");
        using (writer.Block($"public {plan.Network.Spec.ModifierOf("Gradients")}sealed class Gradients"))
        {
            using (writer.Block("internal Gradients(global::NetGen.CompilerServices.AlignedBuffer storage)"))
            {
                List<string> lists = AssignLayers(writer, plan.Network.Layers, plan.Parameters, "storage");
                writer.Line($"All = new global::NetGen.Parameter[] {{ {string.Join(", ", lists)} }};");
            }
            writer.Line();
            DeclareLayers(writer, plan.Network.Layers, "Gradients");
            writer.Line("/// <summary>All gradients, in the order of the network's <c>Parameters</c>.</summary>");
            writer.Line("public global::System.Collections.Generic.IReadOnlyList<global::NetGen.Parameter> All { get; }");
        }
    }
}
