using Google.Protobuf;
using NetGen.TensorBoard.Schema;

namespace NetGen.TensorBoard;

/// <summary>From the graph that a generated class exposes to TensorFlow's.</summary>
internal static class GraphWriter
{
    // What TensorFlow 2 writes; TensorBoard only asks that it be there.
    private const int Producer = 22;

    public static GraphDef Convert(NetworkGraph graph, IReadOnlyList<Parameter> parameters)
    {
        var result = new GraphDef { Versions = new VersionDef { Producer = Producer } };
        ILookup<string,
            Parameter> byLayer =
            parameters.ToLookup(parameter => parameter.Name[..parameter.Name.LastIndexOf('.')], StringComparer.Ordinal);
        foreach (NetworkGraphNode node in graph.Nodes)
        {
            var converted = new NodeDef { Name = Name(node.Path), Op = node.Kind, Input = { node.Inputs.Select(Name) } };
            converted.Attr.Add("layer", new AttrValue { S = ByteString.CopyFromUtf8(node.Operation) });
            if (node.Shape.Count > 0)
            {
                // Samples are not counted: the batch is not known.
                TensorShapeProto shape = Shape(node.Shape.Select(size => (long)size).Prepend(-1));
                converted.Attr.Add("_output_shapes", new AttrValue { List = new AttrValue.Types.ListValue { Shape = { shape } } });
            }
            foreach (Parameter parameter in byLayer[node.Path])
            {
                string name = parameter.Name[(node.Path.Length + 1)..];
                converted.Attr.Add(name, new AttrValue { Shape = Shape(parameter.Shape.ToArray().Select(size => (long)size)) });
            }
            if (byLayer.Contains(node.Path))
            {
                long count = byLayer[node.Path].Where(parameter => parameter.Kind is ParameterKind.Weight or ParameterKind.Bias)
                    .Sum(parameter => (long)parameter.Length);
                converted.Attr.Add("parameters", new AttrValue { I = count });
            }
            result.Node.Add(converted);
        }
        return result;
    }

    // Blocks become scopes.
    private static string Name(string path) => path.Replace('.', '/');

    private static TensorShapeProto Shape(IEnumerable<long> sizes)
        => new() { Dim = { sizes.Select(size => new TensorShapeProto.Types.Dim { Size = size }) } };
}
