"""The names that the Hugging Face libraries take; a test compares them with the libraries."""

ALWAYS_TRUE = ("local_files_only", "use_safetensors")
BASE_KEYS = ("pretrained_model_name_or_path", "pretrained_model_name")

LOADING_KEYS = frozenset(
    (
        *("ignore_mismatched_sizes", "low_cpu_mem_usage", "device_map", "max_memory"),
        *("offload_buffers", "quantization_config", "attn_implementation"),
        *("experts_implementation", "torch_dtype", "dtype", *ALWAYS_TRUE, *BASE_KEYS),
    )
)
TOKENIZER_KEYS = frozenset(
    (
        *("model_max_length", "padding_side", "truncation_side", "use_fast", "backend"),
        *("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token"),
        *("mask_token", "additional_special_tokens", "extra_special_tokens", "chat_template"),
        *("add_prefix_space", "clean_up_tokenization_spaces", "split_special_tokens"),
        *("model_input_names", "do_lower_case", "strip_accents", "tokenize_chinese_chars"),
        *("add_bos_token", "add_eos_token", "legacy", "trim_offsets", "errors", "tokenizer_type"),
        *("max_length", "pad_to_multiple_of", "pad_token_type_id", "name_or_path", *ALWAYS_TRUE),
    )
)
_TRAINER = """
    accelerator_config activation_checkpointing activation_checkpointing_kwargs adam_beta1
    adam_beta2 adam_epsilon auto_find_batch_size average_tokens_across_devices batch_eval_metrics
    bf16 bf16_full_eval data_seed dataloader_drop_last dataloader_in_order
    dataloader_multiprocessing_context dataloader_num_workers dataloader_persistent_workers
    dataloader_pin_memory dataloader_prefetch_factor ddp_backend ddp_broadcast_buffers
    ddp_bucket_cap_mb ddp_find_unused_parameters ddp_static_graph ddp_timeout debug deepspeed
    disable_tqdm do_eval do_predict do_train enable_jit_checkpoint eval_accumulation_steps
    eval_delay eval_do_concat_batches eval_on_start eval_steps eval_strategy eval_use_gather_object
    fp16 fp16_full_eval fsdp fsdp_config full_determinism gradient_accumulation_steps
    gradient_checkpointing gradient_checkpointing_kwargs greater_is_better hub_always_push
    hub_model_id hub_private_repo hub_revision hub_strategy hub_token ignore_data_skip
    include_for_metrics include_num_input_tokens_seen label_names label_smoothing_factor
    learning_rate length_column_name liger_kernel_config load_best_model_at_end local_rank
    log_level log_level_replica log_on_each_node logging_first_step logging_nan_inf_filter
    logging_steps logging_strategy lr_scheduler_kwargs lr_scheduler_type max_grad_norm max_steps
    metric_for_best_model neftune_noise_alpha num_train_epochs optim optim_args
    optim_target_modules output_dir parallelism_config per_device_eval_batch_size
    per_device_train_batch_size prediction_loss_only project push_to_hub remove_unused_columns
    report_to restore_callback_states_from_checkpoint resume_from_checkpoint run_name
    save_on_each_node save_only_model save_steps save_strategy save_total_limit seed
    skip_memory_metrics tf32 torch_compile torch_compile_backend torch_compile_mode
    torch_empty_cache_steps trackio_bucket_id trackio_space_id trackio_static_space_id
    train_sampling_strategy use_cache use_cpu use_liger_kernel warmup_steps weight_decay
    """
_PEFT = """
    alora_invocation_tokens alpha_pattern arrow_config auto_mapping base_model_name_or_path bias
    corda_config ensure_weight_tying eva_config exclude_modules fan_in_fan_out inference_mode
    init_lora_weights kasa_config layer_replication layers_pattern layers_to_transform loftq_config
    lora_alpha lora_bias lora_dropout lora_ga_config megatron_config megatron_core modules_to_save
    monteclora_config peft_type peft_version qalora_group_size r rank_pattern revision
    runtime_config target_modules target_parameters task_type trainable_token_indices use_bdlora
    use_dora use_qalora use_rslora velora_config
    """
TRAINER_KEYS, PEFT_KEYS = frozenset(_TRAINER.split()), frozenset(_PEFT.split())
