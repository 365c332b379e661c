using System.Numerics;
using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu;

/// <summary>
/// Where every parameter lies in one flat buffer, in the order the kernels read: blocks of 16 output channels innermost, so that a
/// vector of weights is one load and the optimiser is one loop. Buffers, which no optimiser may touch, come behind, and last the tensors of
/// frozen layers, which have no gradients either. Computed once for a network, from what all nodes that use a
/// parameter ask for; nothing changes it.
/// </summary>
internal sealed class PackingPlan
{
    private PackingPlan(int learnedLength, int gradientLength, int length)
    {
        LearnedLength = learnedLength;
        GradientLength = gradientLength;
        Length = length;
    }

    /// <summary>Floats of the flat buffer.</summary>
    public int Length { get; }

    /// <summary>Floats at its start that optimisers work on; what follows are buffers such as running statistics.</summary>
    public int LearnedLength { get; }

    /// <summary>Floats at its start that gradients are packed like; what follows is frozen.</summary>
    public int GradientLength { get; }

    /// <param name="training">The forward graph of training, whose nodes use every parameter.</param>
    public static PackingPlan Create(Graph training, LayoutFacts facts, ParameterTable parameters)
    {
        var forms = new Dictionary<ParameterInfo, PackedTensor>();
        foreach (PackingRequest request in training.ForwardNodes.SelectMany(node => node.Cpu.PackParameters(training, facts)))
        {
            if (!forms.TryGetValue(request.Parameter, out PackedTensor? form))
                forms.Add(request.Parameter, request.Form);
            else if (form != request.Form)
                throw new InvalidOperationException($"Two nodes want the parameter {request.Parameter.Path} in different forms.");
        }
        int learned = Place(parameters.All.Where(p => p.IsLearned), forms, 0);
        int gradients = Place(parameters.All.Where(p => !p.IsLearned && !p.IsFrozen), forms, learned);
        return new PackingPlan(learned, gradients, Place(parameters.All.Where(p => p.IsFrozen), forms, gradients));
    }

    private static int Place(IEnumerable<ParameterInfo> parameters, Dictionary<ParameterInfo, PackedTensor> forms, int offset)
    {
        foreach (ParameterInfo parameter in parameters)
        {
            if (!forms.TryGetValue(parameter, out PackedTensor? form))
                throw new InvalidOperationException($"The parameter {parameter.Path} was packed by no node.");
            ParameterPlace.Set(parameter, form, offset);
            int start = offset, length = Layout.RoundUp(form.Length);
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
