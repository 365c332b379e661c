using System.Collections.ObjectModel;

namespace NetGen;

/// <summary>
/// Parameters that an optimiser treats apart, PyTorch's parameter group: chosen by the path of their layer, by the generated
/// objects of a network, or by a condition. All settings may be changed at any time and hold from the next step on.
/// </summary>
/// <example>
/// <code>
/// var optimizer = new AdamW(1e-3)
/// {
///     Groups =
///     {
///         new ParameterGroup("conv1", "conv2") { Frozen = true },
///         new ParameterGroup(net.Linear2) { LearningRate = 1e-2 },
///     },
/// };
/// </code>
/// </example>
public sealed class ParameterGroup
{
    private readonly List<(string What, Func<Parameter, bool> Takes)> _selectors = [];
    private Rate? _rate;

    /// <summary>The parameters of layers, by path.</summary>
    /// <param name="paths">
    /// Names of layers (<c>conv1</c>), of blocks (<c>residual1</c>, with all layers inside), of layers in blocks
    /// (<c>residual1.conv2</c>) or of single parameters (<c>conv1.bias</c>), as they stand in files.
    /// </param>
    /// <exception cref="ArgumentException">There is no path, or an empty one.</exception>
    public ParameterGroup(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Length == 0)
            throw new ArgumentException("A group needs at least one path.", nameof(paths));
        foreach (string path in paths)
        {
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(paths));
            _selectors.Add(($"\"{path}\"", parameter => IsAtOrBelow(parameter.Name, path)));
        }
    }

    /// <summary>The parameters of layers or blocks of the network that is trained, e.g. <c>net.Conv1</c>.</summary>
    /// <param name="layers">Objects of the network itself, not of another instance and not of the gradients.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public ParameterGroup(params IParameterSet[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0)
            throw new ArgumentException("A group needs at least one layer.", nameof(layers));
        foreach (IParameterSet layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            // What training does not change is no matter of the group, unless the layer has nothing else: then the trainer says so.
            IReadOnlyList<Parameter> learned = [.. layer.Parameters.Where(parameter => parameter.IsLearned)];
            AddObjects(learned.Count > 0 ? learned : layer.Parameters);
        }
    }

    /// <summary>Single parameters of the network that is trained, e.g. <c>net.Conv1.Bias</c>.</summary>
    /// <param name="parameters">Objects of the network itself, not of another instance and not of the gradients.</param>
    /// <exception cref="ArgumentException">There is no parameter.</exception>
    public ParameterGroup(params Parameter[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Length == 0)
            throw new ArgumentException("A group needs at least one parameter.", nameof(parameters));
        AddObjects(parameters);
    }

    /// <summary>Every parameter that a condition holds for, e.g. <c>parameter => parameter.Kind == ParameterKind.Bias</c>.</summary>
    /// <param name="condition">Asked once for each parameter, when the trainer is made.</param>
    public ParameterGroup(Func<Parameter, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        _selectors.Add(("the condition", condition));
    }

    /// <summary>
    /// The group's own learning rate; null, the default, for the optimiser's times <see cref="LearningRateFactor"/>. A
    /// scheduler changes it as it changes the optimiser's, from its own initial value.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? LearningRate
    {
        get => _rate?.Value;

        set
        {
            if (value is not double rate)
                _rate = null;
            else if (_rate is null)
                _rate = new Rate(Optimizer.CheckNotNegative(rate, "learningRate"));
            else
                _rate.Value = Optimizer.Exact(Optimizer.CheckNotNegative(rate, "learningRate"));
        }
    }

    /// <summary>What the optimiser's learning rate is multiplied by, 1 by default; without effect where the group has its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double LearningRateFactor
    {
        get => ExactFactor;
        set => ExactFactor = Optimizer.Exact(Optimizer.CheckNotNegative(value, "learningRateFactor"));
    }

    /// <summary>The group's own weight decay; null, the default, for the optimiser's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? WeightDecay
    {
        get => ExactWeightDecay;
        set => ExactWeightDecay = value is double decay ? Optimizer.Exact(Optimizer.CheckNotNegative(decay, "weightDecay")) : null;
    }

    /// <summary>
    /// The group's own momentum, for <see cref="SGD"/> and <see cref="RMSprop"/>; null, the default, for the optimiser's. A one-cycle
    /// schedule moves the optimiser's and leaves this one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? Momentum
    {
        get => ExactMomentum;
        set => ExactMomentum = value is double momentum ? Optimizer.Exact(Optimizer.CheckNotNegative(momentum, "momentum")) : null;
    }

    /// <summary>
    /// The parameters do not change, bit for bit: no gradient, no decay, no momentum, and what the optimiser remembers of them rests
    /// too, PyTorch's <c>requires_grad = False</c>. The gradient's norm leaves them out.
    /// </summary>
    public bool Frozen { get; set; }

    /// <summary>The group's own rate with all its digits; null where it has none.</summary>
    internal Rate? Rate => _rate;

    internal double ExactFactor { get; private set; } = 1;

    internal double? ExactWeightDecay { get; private set; }

    internal double? ExactMomentum { get; private set; }

    /// <summary>What chooses the parameters, as messages name it, e.g. <c>"conv1", "conv2"</c>.</summary>
    public override string ToString() => string.Join(", ", _selectors.Select(selector => selector.What).Distinct());

    /// <summary>Whether the group takes each parameter of a network.</summary>
    /// <param name="parameters">Those that are learned.</param>
    /// <param name="all">Those too that are not, for messages.</param>
    /// <exception cref="ArgumentException">A path, an object or the condition takes none of them.</exception>
    internal bool[] Select(IReadOnlyList<Parameter> parameters, IReadOnlyList<Parameter> all)
    {
        var taken = new bool[parameters.Count];
        foreach ((string what, Func<Parameter, bool> takes) in _selectors)
        {
            bool any = false;
            for (int i = 0; i < taken.Length; i++)
            {
                if (takes(parameters[i]))
                    taken[i] = any = true;
            }
            if (!any)
            {
                string[] frozen = [.. all.Where(parameter => parameter.IsFrozen && takes(parameter)).Select(parameter => parameter.Name)];
                if (frozen.Length > 0)
                {
                    throw new ArgumentException(
                        $"Parameter group {this}: {what} takes only parameters that the network's declaration freezes, "
                            + $"{string.Join(", ", frozen)}: they have no gradients, and no optimiser changes them. Leave them out of the "
                            + "groups, or take Frozen from the declaration and freeze the group.");
                }
                throw new ArgumentException(
                    $"Parameter group {this}: {what} is no layer or parameter of this network, whose parameters "
                        + $"are {string.Join(", ", parameters.Select(p => p.Name))}.");
            }
        }
        return taken;
    }

    private void AddObjects(IEnumerable<Parameter> parameters)
    {
        foreach (Parameter chosen in parameters)
        {
            ArgumentNullException.ThrowIfNull(chosen, nameof(parameters));
            _selectors.Add(($"the object {chosen.Name}", parameter => ReferenceEquals(parameter, chosen)));
        }
    }

    private static bool IsAtOrBelow(string name, string path) =>
        name.StartsWith(path, StringComparison.Ordinal) && (name.Length == path.Length || name[path.Length] == '.');
}

/// <summary>The groups of an optimiser, which cannot be exchanged under a trainer.</summary>
internal sealed class ParameterGroupList : Collection<ParameterGroup>
{
    private bool _sealed;

    /// <summary>A trainer has taken the groups over.</summary>
    public void Seal() => _sealed = true;

    protected override void InsertItem(int index, ParameterGroup item)
    {
        Check(item);
        base.InsertItem(index, item);
    }

    protected override void SetItem(int index, ParameterGroup item)
    {
        Check(item);
        base.SetItem(index, item);
    }

    protected override void RemoveItem(int index)
    {
        CheckNotSealed();
        base.RemoveItem(index);
    }

    protected override void ClearItems()
    {
        CheckNotSealed();
        base.ClearItems();
    }

    private void Check(ParameterGroup item)
    {
        ArgumentNullException.ThrowIfNull(item);
        CheckNotSealed();
    }

    private void CheckNotSealed()
    {
        if (_sealed)
            throw new InvalidOperationException("A trainer uses this optimiser: its groups are fixed. Their settings can still be "
                + "changed.");
    }
}
