using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Lowering;

/// <summary>
/// From the layers of a checked network, in order, to a graph. What a layer becomes is in its own file, its <c>Lower</c>.
/// </summary>
internal sealed class NetworkLowering
{
    private readonly GraphBuilder _builder;

    /// <summary>What the layers so far have given.</summary>
    private readonly Dictionary<ValueRef, Value> _values = [];

    private NetworkLowering(GraphBuilder builder) => _builder = builder;

    /// <summary>Builds the forward graph.</summary>
    /// <param name="parameters">The network's, which all its graphs share.</param>
    /// <param name="training">With what only training needs, e.g. dropout.</param>
    public static Graph Build(InferredNetwork network, ParameterTable parameters, bool training)
    {
        var lowering = new NetworkLowering(new GraphBuilder(training, parameters));
        Graph graph = lowering._builder.Graph;
        foreach (InferredPort input in network.Inputs.Where(input => input.Value == ValueRef.Input))
            lowering._values[ValueRef.Input] = graph.AddInput("networkInput", input.Shape);
        lowering._builder.Read.UnionWith(network.Outputs.Select(output => output.Value));
        lowering.CollectReads(network.Layers);
        lowering.Lower(network.Layers);
        graph.Outputs.AddRange(network.Outputs.Select(output => lowering._values[output.Value]));
        TakeAsRows(network, graph);
        CountLaterUses(graph);
        graph.ForwardCount = graph.Nodes.Count;
        return graph;
    }

    /// <summary>The tensors of all layers, in the order of files.</summary>
    public static ParameterTable Parameters(InferredNetwork network)
    {
        var table = new ParameterTable();
        Collect(network.Layers, table.Whole);
        return table;

        void Collect(IEnumerable<InferredLayer> layers, ParameterPart part)
        {
            foreach (InferredLayer layer in layers)
            {
                foreach (LayerParameter own in LayerRegistry.ParametersOf(layer))
                {
                    string path = layer.Path + "." + own.Name;
                    var tensor = new ParameterInfo(path, own.Shape, own.Role, own.FanIn, own.FanOut, own.InitialValue,
                        layer.Spec.IsFrozen, layer.Spec.IsFrozenHere)
                    {
                        Table = own.Table,
                        Start = own.Start,
                        OwnName = own.Name.Contains('.') ? own.Name.Replace('.', '_') : null,
                    };
                    table.Add(layer, tensor);
                    part.Own.Add(tensor);
                }
                ParameterPart inside = part;
                if (layer.Spec is PartSpec { Shares: null })
                    part.Parts.Add(inside = new ParameterPart(layer.Path, layer.Spec.IsFrozenHere));
                Collect(layer.Members, inside);
            }
        }
    }

    /// <summary>Outputs whose losses take them as positions of features must lie so.</summary>
    private static void TakeAsRows(InferredNetwork network, Graph graph)
    {
        foreach (LossSpec loss in network.Spec.Losses)
        {
            IReadOnlyList<int> outputs = network.OutputsOf(loss);
            LossOp op = LossRegistry.For(loss).CreateOp(loss, [.. outputs.Select(output => network.Outputs[output].Shape)]);
            // What has lengths of its own lies so in any case.
            foreach (int i in outputs.Where(i => op.IsOfPositions && !graph.Outputs[i].Shape.HasLengths))
            {
                string name = Text.Naming.Pascal(network.Outputs[i].Name) + "Rows";
                graph.Outputs[i] = graph.Add(new Node(name, "", new FeatureRowsOp()), Text.Naming.Camel(name), graph.Outputs[i].Shape,
                    graph.Outputs[i]);
            }
        }
    }

    /// <summary>Layers with one count of batches each go on from the average that the one before has left.</summary>
    private static void CountLaterUses(Graph graph)
    {
        var later = new Dictionary<ParameterInfo, int>();
        foreach (Node node in graph.Nodes.AsEnumerable().Reverse())
        {
            if (node is not { Op: BatchNormOp { Momentum: null } op, BatchCounter: { } counter })
                continue;
            later.TryGetValue(counter, out int uses);
            node.Op = op with { LaterUses = uses };
            later[counter] = uses + 1;
        }
    }

    private void CollectReads(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            _builder.Read.UnionWith(layer.Inputs.Select(input => input.Value));
            foreach (InferredScope scope in layer.Scopes)
            {
                _builder.Read.Add(scope.Output.Value);
                CollectReads(scope.Layers);
            }
        }
    }

    private void Lower(IEnumerable<InferredLayer> layers)
    {
        foreach (InferredLayer layer in layers)
        {
            Layer kind = LayerRegistry.For(layer.Spec);
            string around = _builder.Part;
            if (kind.EntryShape(layer.Spec) is not null)
            {
                Begin(kind, layer);
                _builder.Part = layer.Path;
                _values[new ValueRef(layer.Path, InferredPort.Input)] = kind.Enter(layer, _values[layer.Inputs[0].Value], _builder);
            }
            foreach (InferredScope scope in layer.Scopes)
            {
                Lower(scope.Layers);
                // Without a name it gives nothing that others can read; its path is that of what it stands in.
                if (scope.Spec.Name.Length > 0)
                    _values[new ValueRef(scope.Path, "")] = _values[scope.Output.Value];
            }
            _builder.Part = around;
            Begin(kind, layer);
            Value[] inputs = layer.Inputs.Select(input => _values[input.Value]).ToArray();
            IReadOnlyList<Value> outputs = kind.Lower(layer, inputs, _builder);
            for (int i = 0; i < outputs.Count; i++)
                _values[new ValueRef(layer.Path, layer.Outputs[i].Port)] = outputs[i];
        }
    }

    private void Begin(Layer kind, InferredLayer layer)
    {
        _builder.Title = kind.Title(layer);
        _builder.IsFrozen = layer.Spec.IsFrozen;
    }
}
