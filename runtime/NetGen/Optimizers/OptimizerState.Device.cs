namespace NetGen.CompilerServices;

/// <content>
/// The numbers of a step, for a device that has the buffers and makes the update. The buffers here are the same: each side has them from
/// the other where they are newer there.
/// </content>
public sealed unsafe partial class OptimizerState
{
    private (long Steps, bool HasMomentum)[] _progressBefore = [];
    private float? _normBefore;

    /// <summary>Which formula the step has that has begun, or the next one.</summary>
    internal UpdateRule Rule => _rule;

    /// <summary>How many sets of settings there are: that of what no group takes, and those of groups.</summary>
    internal int Groups => _groups.Length;

    /// <summary>Gradients are clipped in front of an update, or may be.</summary>
    internal bool Clips => float.IsFinite(_maximumNorm) || float.IsFinite(_limit);

    /// <summary>The most that a gradient may be; infinite where it is not clipped by value.</summary>
    internal float Limit => _limit;

    /// <summary>What is remembered of the parameters, in the order of the formula's states; null where it is not.</summary>
    internal AlignedBuffer? Buffer(int state) => state switch { 0 => _first, 1 => _second, _ => _third };

    /// <summary>The number of a learned parameter's group.</summary>
    internal int GroupOf(Parameter parameter) => _ranges[RangeOf(parameter.Offset)].Group;

    /// <summary>Whether a group is frozen now, whatever it was at the last step.</summary>
    internal bool IsFrozen(int group) => group > 0 && Optimizer.GroupList[group - 1].Frozen;

    /// <summary>The numbers of the step that has begun, for each group as many as <see cref="UpdateNumbers.Stride"/>.</summary>
    internal void WriteNumbers(Span<float> numbers)
    {
        for (int group = 0; group < _groups.Length; group++)
        {
            Span<float> own = numbers.Slice(group * UpdateNumbers.Stride, UpdateNumbers.Stride);
            own.Clear();
            (own[UpdateNumbers.Limit], own[UpdateNumbers.Scale]) = (_limit, _scale);
            UpdateNumbers.Write(_rule, _groups[group], own[UpdateNumbers.First..]);
        }
    }

    /// <summary>Like <see cref="BeginStep"/>, so that <see cref="TakeBackStep"/> can undo it.</summary>
    internal void TryStep()
    {
        if (_progressBefore.Length == 0)
            _progressBefore = new (long, bool)[_groups.Length];
        for (int i = 0; i < _groups.Length; i++)
            _progressBefore[i] = _groups[i].Progress;
        _normBefore = GradientNorm;
        BeginStep();
    }

    /// <summary>The step that has begun comes to nothing.</summary>
    internal void TakeBackStep()
    {
        for (int i = 0; i < _groups.Length; i++)
            _groups[i].Progress = _progressBefore[i];
        GradientNorm = _normBefore;
        Steps--;
    }
}
