using System.Numerics;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Where every parameter lies in one flat buffer, in the order the kernels read: blocks of 16 output channels innermost, so that a
/// vector of weights is one load and the optimiser is one loop. Buffers, which no optimiser may touch, come behind, and last the tensors of
/// frozen layers, which have no gradients either. The parts of a network lie each by itself, in the same order. Computed once for a
/// network, from what all nodes that use a parameter ask for; nothing changes it.
/// </summary>
internal sealed class PackingPlan
{
    private readonly Dictionary<string, (int Offset, int Length)> _parts;

    private PackingPlan(int learnedLength, int gradientLength, int length, Dictionary<string, (int Offset, int Length)> parts)
    {
        _parts = parts;
        LearnedLength = learnedLength;
        GradientLength = gradientLength;
        Length = length;
    }

    /// <summary>Floats of the flat buffer.</summary>
    public int Length { get; }

    /// <summary>
    /// Floats at its start in which all lies that optimisers work on, and nothing else but what the parts have besides; what follows are
    /// buffers such as running statistics.
    /// </summary>
    public int LearnedLength { get; }

    /// <summary>Floats at its start that gradients are packed like; what follows is frozen.</summary>
    public int GradientLength { get; }

    /// <summary>Where the tensors of a part lie, all of them and nothing else.</summary>
    /// <param name="path">Of the layer that the part is.</param>
    public (int Offset, int Length) PlaceOf(string path) => _parts[path];

    /// <param name="training">The forward graph of training, whose nodes use every parameter.</param>
    /// <param name="weights">How those are kept that all who read them can read in any format.</param>
    public static PackingPlan Create(Graph training, LayoutFacts facts, ParameterTable parameters, WeightFormat weights)
    {
        var forms = new Dictionary<ParameterInfo, PackedTensor>();
        foreach (IGrouping<ParameterInfo, (PackingRequest Request, Node Node)> readers in training.ForwardNodes
            .SelectMany(node => node.Cpu.PackParameters(training, facts).Select(request => (Request: request, Node: node)))
            .GroupBy(reader => reader.Request.Parameter))
        {
            PackedTensor form = readers.First().Request.Form;
            if (readers.Any(reader => reader.Request.Form != form))
                throw new InvalidOperationException($"Two nodes want the parameter {readers.Key.Path} in different forms.");
            bool takesAny = readers.All(reader => reader.Node.UseOf(readers.Key).Slot == reader.Node.Cpu.SlotOfAnyFormat);
            forms.Add(readers.Key, takesAny ? form with { Format = weights } : form);
        }
        return Place(parameters.Whole, forms, 0, []);
    }

    /// <summary>Places what a network has itself, and its parts one by one, each of which lies as it does where it is by itself.</summary>
    /// <param name="places">Receives the places of all parts.</param>
    private static PackingPlan Place(
        ParameterPart network, Dictionary<ParameterInfo, PackedTensor> forms, int offset,
        Dictionary<string, (int Offset, int Length)> places)
    {
        int learned = Place(network.Own.Where(tensor => tensor.IsWeightOrBias && !tensor.IsFrozenHere), forms, offset);
        foreach (ParameterPart part in network.Parts.Where(part => !part.IsFrozen))
            learned = Inside(part, learned);
        int gradients = Place(network.Own.Where(tensor => !tensor.IsWeightOrBias && !tensor.IsFrozenHere), forms, learned);
        int end = Place(network.Own.Where(tensor => tensor.IsFrozenHere), forms, gradients);
        foreach (ParameterPart part in network.Parts.Where(part => part.IsFrozen))
            end = Inside(part, end);
        return new PackingPlan(learned, gradients, end, places);

        int Inside(ParameterPart part, int start)
        {
            int stop = Place(part, forms, start, places).Length;
            places.Add(part.Path, (start, stop - start));
            return stop;
        }
    }

    private static int Place(IEnumerable<ParameterInfo> parameters, Dictionary<ParameterInfo, PackedTensor> forms, int offset)
    {
        foreach (ParameterInfo parameter in parameters)
        {
            if (!forms.TryGetValue(parameter, out PackedTensor? form))
                throw new InvalidOperationException($"The parameter {parameter.Path} was packed by no node.");
            ParameterPlace.Set(parameter, form, offset);
            int start = offset, length = Layout.RoundUp(form.Floats);
            if (length > int.MaxValue - start)
            {
                throw new SizeLimitException(
                    parameter.Path,
                    $"With the {parameter.PropertyName.ToLowerInvariant()} of {{0}} the parameters, "
                    + "stored in whole blocks of 16, are too many",
                    $"{MessageText.Number(start)} + {MessageText.Number(length)}", (BigInteger)start + length);
            }
            offset += length;
        }
        return offset;
    }
}

/// <summary>Where parameters lie in memory: what the <see cref="PackingPlan"/> has decided for each.</summary>
internal static class ParameterPlace
{
    extension(ParameterInfo parameter)
    {
        /// <summary>Its form in memory; reading it before the plan is made is an error of the generator.</summary>
        public PackedTensor Packed => Of(parameter).Form;

        /// <summary>Floats from the start of the flat buffer.</summary>
        public int Offset => Of(parameter).Offset;
    }

    public static void Set(ParameterInfo parameter, PackedTensor form, int offset) => parameter.Target = new Place(form, offset);

    private static Place Of(ParameterInfo parameter)
        => (Place?)parameter.Target ?? throw new InvalidOperationException($"The parameter {parameter.Path} has no place yet.");

    private sealed record Place(PackedTensor Form, int Offset);
}
